// Package middleware declares what the cases use of kratos middleware.
package middleware

import "context"

type Handler func(ctx context.Context, req any) (any, error)

type Middleware func(Handler) Handler
