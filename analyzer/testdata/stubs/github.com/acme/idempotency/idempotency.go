// Package idempotency stands for a library without a row, whose code is out
// of sight.
package idempotency

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type Store interface{ Claim(key string) bool }

func Middleware(s Store) func(http.Handler) http.Handler { return nil }

func NewRedis(addr string) Store { return nil }

type Guard struct{}

func New(s Store) (*Guard, error) { return nil, nil }

func (*Guard) Handler() func(http.Handler) http.Handler { return nil }

func (*Guard) Gin(c *gin.Context) {}
