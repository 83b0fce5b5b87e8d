// Package email has the signatures of github.com/jordan-wright/email.
package email

import (
	"crypto/tls"
	"net/smtp"
	"time"
)

type Email struct {
	From    string
	To      []string
	Subject string
	Text    []byte
}

func NewEmail() *Email { return nil }

func (e *Email) Bytes() ([]byte, error)                                    { return nil, nil }
func (e *Email) Send(addr string, a smtp.Auth) error                       { return nil }
func (e *Email) SendWithTLS(addr string, a smtp.Auth, t *tls.Config) error { return nil }

type Pool struct{}

func (p *Pool) Send(e *Email, timeout time.Duration) error { return nil }
