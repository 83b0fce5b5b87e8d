// Package smtppool stands for a mail library that no row describes.
package smtppool

type Email struct{ To, Text string }

type Pool struct{}

func New(host string) *Pool { return nil }

func (p *Pool) Send(e Email) error { return nil }

func (p *Pool) Size() int { return 0 }
