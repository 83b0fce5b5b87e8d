// Package function serves orders as Cloud Functions.
package function

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	"github.com/cloudevents/sdk-go/v2/event"

	"example.com/functions/orders"
)

var db, _ = sql.Open("postgres", "")

func init() {
	h := &orders.Handler{DB: db}
	functions.HTTP("get", h.Get)
	functions.HTTP("plain", h.Create)
	functions.HTTP("guarded", orders.Claimed(db)(http.HandlerFunc(h.Create)).ServeHTTP)
	functions.HTTP("closure", func(w http.ResponseWriter, r *http.Request) { orders.Add(db, "pen") })
	functions.CloudEvent("event", onEvent)
	functions.CloudEvent("once", onceForEvent)
}

func onEvent(ctx context.Context, e event.Event) error {
	return orders.Add(db, e.Subject())
}

func onceForEvent(ctx context.Context, e event.Event) error {
	first, err := orders.Claim(db, e.ID())
	if err != nil || !first {
		return err
	}
	return orders.Add(db, e.Subject())
}
