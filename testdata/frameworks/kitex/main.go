// Command kitex serves orders with Kitex, and with the code that it generates
// from orders.thrift. Middleware is an option of a server and goes around all
// services of that server, whenever they are registered; a server beside it has
// none of it. There are no groups, and no closures that serve: a service is a
// type with the methods of its interface.
package main

//go:generate kitex -module example.com/kitex orders.thrift

import (
	"context"
	"database/sql"
	"errors"

	"github.com/bytedance/gopkg/cloud/metainfo"
	"github.com/cloudwego/kitex/pkg/endpoint"
	"github.com/cloudwego/kitex/server"

	shop "example.com/kitex/kitex_gen/shop/orders"
	"example.com/kitex/orders"
)

func counted(next endpoint.Endpoint) endpoint.Endpoint {
	return func(ctx context.Context, req, resp interface{}) error { return next(ctx, req, resp) }
}

func claimed(db *sql.DB) endpoint.Middleware {
	return func(next endpoint.Endpoint) endpoint.Endpoint {
		return func(ctx context.Context, req, resp interface{}) error {
			key, ok := metainfo.GetPersistentValue(ctx, "IDEMPOTENCY_KEY")
			if !ok || key == "" {
				return errors.New("IDEMPOTENCY_KEY is missing")
			}
			first, err := orders.Claim(db, key)
			if err != nil {
				return err
			}
			if !first {
				return errors.New("seen before")
			}
			return next(ctx, req, resp)
		}
	}
}

func main() {
	db, _ := sql.Open("postgres", "")
	svc := &orders.Service{DB: db}
	go shop.NewServer(svc, server.WithMiddleware(counted)).Run()
	go shop.NewServer(svc, server.WithMiddleware(counted), server.WithMiddleware(claimed(db))).Run()
	go shop.NewServer(orders.Once{Service: svc}).Run()
	several := server.NewServer(server.WithMiddleware(claimed(db)))
	shop.RegisterService(several, svc)
	several.Run()
}
