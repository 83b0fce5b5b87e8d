// Bookingsd serves the hotel's booking API.
package main

import (
	"context"
	"log"
	"os"

	"github.com/redis/go-redis/v9"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/bookings/server"
)

func main() {
	db, err := gorm.Open(postgres.Open(os.Getenv("DATABASE_URL")), &gorm.Config{})
	if err != nil {
		log.Fatal(err)
	}
	sqlDB, err := db.DB()
	if err != nil {
		log.Fatal(err)
	}
	if err := server.Migrate(context.Background(), sqlDB, "postgres"); err != nil {
		log.Fatal(err)
	}
	e := server.New(server.Deps{
		DB:       db,
		Redis:    redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}),
		MailAddr: os.Getenv("SMTP_ADDR"),
	})
	log.Fatal(e.Start(":8083"))
}
