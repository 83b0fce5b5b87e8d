package world

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// Mail is an SMTP server that keeps what it accepts.
type Mail struct {
	gate *gate.Gate
	ln   net.Listener
	mu   sync.Mutex
	got  []Record
}

func openMail(g *gate.Gate) (*Mail, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mail{gate: g, ln: ln}
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go m.serve(c)
		}
	}()
	return m, nil
}

// Addr is the server's host:port.
func (m *Mail) Addr() string { return m.ln.Addr().String() }

func (m *Mail) close() { _ = m.ln.Close() }

func (m *Mail) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = nil
}

func (m *Mail) records() []Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Record(nil), m.got...)
}

// serve speaks as much SMTP as net/smtp.SendMail needs. An injected panic
// cannot reach the service from here; the connection ends instead.
func (m *Mail) serve(c net.Conn) {
	defer c.Close()
	defer func() { _ = recover() }()
	in := bufio.NewReader(c)
	say := func(s string) { fmt.Fprintf(c, "%s\r\n", s) }
	say("220 mail.test ready")
	var to string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimSpace(line))
		switch {
		case strings.HasPrefix(verb, "RCPT TO:"):
			to = strings.Trim(strings.TrimSpace(line)[len("RCPT TO:"):], "<> ")
			say("250 ok")
		case verb == "DATA":
			say("354 go on")
			body, err := readData(in)
			if err != nil {
				return
			}
			if err := m.accept(to, body); err != nil {
				say("451 " + err.Error())
				continue
			}
			say("250 accepted")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func readData(in *bufio.Reader) (string, error) {
	var lines []string
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line = strings.TrimRight(line, "\r\n"); line == "." {
			return strings.Join(lines, "\n"), nil
		}
		lines = append(lines, line)
	}
}

func (m *Mail) accept(to, body string) error {
	op := gate.Op{Store: "mail", Verb: "SEND", Place: to, Write: true}
	return m.gate.Do(context.Background(), op, func() error {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.got = append(m.got, Text("mail", to, body))
		return nil
	})
}
