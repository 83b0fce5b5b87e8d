package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.com/bookings/internal/model"
	"example.com/bookings/internal/repo"
	"example.com/bookings/internal/usecase"
)

// Web has a method for each endpoint.
type Web struct{ hotel *usecase.Hotel }

// New returns the endpoints of the hotel.
func New(h *usecase.Hotel) *Web { return &Web{hotel: h} }

func translate(err error) error {
	switch {
	case errors.Is(err, repo.ErrNotFound):
		return echo.ErrNotFound
	case errors.Is(err, repo.ErrDuplicate):
		return echo.NewHTTPError(http.StatusConflict, err.Error())
	default:
		return err
	}
}

func requireKey(c echo.Context) (string, error) {
	key := c.Request().Header.Get(keyHeader)
	if key == "" {
		return "", echo.NewHTTPError(http.StatusBadRequest, keyHeader+" is required")
	}
	return key, nil
}

// GetBooking serves GET /bookings/:id.
func (w *Web) GetBooking(c echo.Context) error {
	b, err := w.hotel.Repo().Booking(c.Request().Context(), c.Param("id"))
	if err != nil {
		return translate(err)
	}
	return c.JSON(http.StatusOK, b)
}

// ListRooms serves GET /rooms.
func (w *Web) ListRooms(c echo.Context) error {
	rooms, err := w.hotel.Repo().Rooms(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, rooms)
}

// Book serves POST /bookings.
func (w *Web) Book(c echo.Context) error {
	var in model.Booking
	if err := c.Bind(&in); err != nil {
		return err
	}
	b, err := w.hotel.Book(c.Request().Context(), in)
	if err != nil {
		return translate(err)
	}
	return c.JSON(http.StatusCreated, b)
}

// Confirm serves POST /bookings/:id/confirm.
func (w *Web) Confirm(c echo.Context) error {
	if err := w.hotel.Confirm(c.Request().Context(), c.Param("id")); err != nil {
		return translate(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// Cancel serves DELETE /bookings/:id.
func (w *Web) Cancel(c echo.Context) error {
	if err := w.hotel.Repo().DeleteBooking(c.Request().Context(), c.Param("id")); err != nil {
		return translate(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// Hold serves POST /rooms/:id/hold.
func (w *Web) Hold(c echo.Context) error {
	key, err := requireKey(c)
	if err != nil {
		return err
	}
	b, err := w.hotel.Hold(c.Request().Context(), key, c.Param("id"))
	if err != nil {
		return translate(err)
	}
	return c.JSON(http.StatusCreated, b)
}

// SetPrice serves PATCH /rooms/:id.
func (w *Web) SetPrice(c echo.Context) error {
	var in model.Room
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Repo().SetPrice(c.Request().Context(), c.Param("id"), in.Price); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// AddGuest serves POST /guests.
func (w *Web) AddGuest(c echo.Context) error {
	var in model.Guest
	if err := c.Bind(&in); err != nil {
		return err
	}
	g, err := w.hotel.Repo().GuestByEmail(c.Request().Context(), in.Email, in.Name)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, g)
}

// PutGuest serves PUT /guests/:id.
func (w *Web) PutGuest(c echo.Context) error {
	var in model.Guest
	if err := c.Bind(&in); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrBadRequest
	}
	in.ID = id
	if err := w.hotel.Repo().SaveGuest(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, in)
}

// AddPoints serves POST /guests/:id/points.
func (w *Web) AddPoints(c echo.Context) error {
	var in model.Guest
	if err := c.Bind(&in); err != nil {
		return err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrBadRequest
	}
	if err := w.hotel.Repo().AddPoints(c.Request().Context(), id, in.Points); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// Pay serves POST /payments.
func (w *Web) Pay(c echo.Context) error {
	var in model.Payment
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Repo().AddPayment(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, in)
}

// Review serves POST /reviews.
func (w *Web) Review(c echo.Context) error {
	var in model.Review
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Repo().AddReview(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, in)
}

// Wait serves POST /waitlist.
func (w *Web) Wait(c echo.Context) error {
	var in model.Waiting
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Repo().Wait(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, in)
}

// Voucher serves POST /vouchers.
func (w *Web) Voucher(c echo.Context) error {
	key, err := requireKey(c)
	if err != nil {
		return err
	}
	var in model.Voucher
	if err := c.Bind(&in); err != nil {
		return err
	}
	v, err := w.hotel.Voucher(c.Request().Context(), key, in)
	if err != nil {
		return translate(err)
	}
	return c.JSON(http.StatusCreated, v)
}

// Transfer serves POST /transfers.
func (w *Web) Transfer(c echo.Context) error {
	key, err := requireKey(c)
	if err != nil {
		return err
	}
	var in model.Payment
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Transfer(c.Request().Context(), key, in); err != nil {
		return translate(err)
	}
	return c.JSON(http.StatusCreated, in)
}

// AddToTab serves POST /tabs.
func (w *Web) AddToTab(c echo.Context) error {
	var in model.Payment
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Repo().AddToTab(c.Request().Context(), in.BookingID, in.Amount); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// CheckIn serves POST /desk/checkins.
func (w *Web) CheckIn(c echo.Context) error {
	var in model.CheckIn
	if err := c.Bind(&in); err != nil {
		return err
	}
	in.At = time.Now()
	if err := w.hotel.Repo().CheckIn(c.Request().Context(), in); err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, in)
}

// Message serves POST /messages.
func (w *Web) Message(c echo.Context) error {
	var in struct{ To, Text string }
	if err := c.Bind(&in); err != nil {
		return err
	}
	if err := w.hotel.Message(c.Request().Context(), in.To, in.Text); err != nil {
		return err
	}
	return c.NoContent(http.StatusAccepted)
}
