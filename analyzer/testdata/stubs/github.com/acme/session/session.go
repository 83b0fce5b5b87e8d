// Package session stands for a library of middleware that no row tells of,
// whose code is out of sight.
package session

import "github.com/labstack/echo/v4"

func Middleware(folder string) echo.MiddlewareFunc { return nil }
