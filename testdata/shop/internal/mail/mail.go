// Package mail sends mail.
package mail

import (
	"context"
	"fmt"
	"log/slog"
	"net/smtp"
)

// Sender sends through an SMTP server. Without an address it only logs.
type Sender struct {
	Addr string // host:port of the server
	From string
}

// Send sends a plain text mail.
func (s Sender) Send(ctx context.Context, to, subject, body string) error {
	if s.Addr == "" {
		slog.InfoContext(ctx, "no mail server, mail dropped", "to", to, "subject", subject)
		return nil
	}
	msg := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\n%s", s.From, to, subject, body)
	return smtp.SendMail(s.Addr, nil, s.From, []string{to}, []byte(msg))
}
