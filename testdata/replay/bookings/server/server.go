// Package server wires the booking API.
package server

import (
	"context"
	"database/sql"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/redis/go-redis/v9"
	"gorm.io/gorm"

	"example.com/bookings/internal/repo"
	"example.com/bookings/internal/usecase"
	"example.com/bookings/internal/web"
)

// Deps is what the API runs on.
type Deps struct {
	DB       *gorm.DB
	Redis    redis.UniversalClient
	MailAddr string
}

// Migrate creates the tables.
func Migrate(ctx context.Context, db *sql.DB, dialect string) error {
	return repo.Migrate(ctx, db, dialect)
}

// New returns the API.
func New(d Deps) *echo.Echo {
	w := web.New(usecase.New(repo.New(d.DB), d.MailAddr))
	e := echo.New()
	e.HideBanner = true
	e.Use(middleware.Recover())

	e.GET("/bookings/:id", w.GetBooking)
	e.GET("/rooms", w.ListRooms)
	e.POST("/bookings", w.Book, web.OncePerKey(d.Redis))
	e.POST("/bookings/:id/confirm", w.Confirm)
	e.DELETE("/bookings/:id", w.Cancel)

	rooms := e.Group("/rooms")
	rooms.POST("/:id/hold", w.Hold)
	rooms.PATCH("/:id", w.SetPrice)

	guests := e.Group("/guests")
	guests.POST("", w.AddGuest)
	guests.PUT("/:id", w.PutGuest)
	guests.POST("/:id/points", w.AddPoints)

	e.POST("/payments", w.Pay, web.ClaimKey(d.Redis))
	e.POST("/reviews", w.Review)
	e.POST("/waitlist", w.Wait)
	e.POST("/vouchers", w.Voucher)
	e.POST("/transfers", w.Transfer)
	e.POST("/tabs", w.AddToTab)
	e.POST("/messages", w.Message)

	desk := e.Group("/desk")
	desk.POST("/checkins", w.CheckIn)
	desk.Use(web.OncePerKey(d.Redis))
	return e
}
