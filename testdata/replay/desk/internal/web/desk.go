// Package web is the HTTP side of the desk.
package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/smtp"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/singleflight"

	"example.com/desk/internal/guard"
	"example.com/desk/internal/memory"
)

// Desk has a method for each endpoint that is not a closure.
type Desk struct {
	Store    *memory.Store
	Redis    redis.UniversalClient
	Ledger   *guard.Ledger
	Answers  *guard.Answers
	Leases   *guard.Leases
	Phone    *Phone
	MailAddr string
	Dir      string

	sent       sync.Map
	flights    singleflight.Group
	background sync.WaitGroup
}

// Drain waits for mails that are still being sent.
func (d *Desk) Drain() { d.background.Wait() }

// Phone rings people.
type Phone struct {
	Base string
	HTTP *http.Client
}

// Ring rings a number.
func (p *Phone) Ring(ctx context.Context, number string) (string, error) {
	body := fmt.Sprintf(`{"number":%q}`, number)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.Base+"/calls", bytes.NewBufferString(body))
	if err != nil {
		return "", err
	}
	res, err := p.HTTP.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("phone: status %d", res.StatusCode)
	}
	raw, err := io.ReadAll(res.Body)
	return string(raw), err
}

func (d *Desk) mail(to, text string) error {
	msg := fmt.Sprintf("To: %s\r\nSubject: Your ticket\r\n\r\n%s\r\n", to, text)
	return smtp.SendMail(d.MailAddr, nil, "desk@example.com", []string{to}, []byte(msg))
}

type call struct {
	Number string `json:"number"`
	To     string `json:"to"`
	Text   string `json:"text"`
}

func read(w http.ResponseWriter, r *http.Request) (c call, ok bool) {
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		http.Error(w, "malformed", http.StatusBadRequest)
		return c, false
	}
	return c, true
}

func failed(w http.ResponseWriter, err error) {
	http.Error(w, err.Error(), http.StatusBadGateway)
}

// Reply serves POST /replies: it mails an answer, once per key that this
// process saw.
func (d *Desk) Reply(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	if _, loaded := d.sent.LoadOrStore(key, struct{}{}); loaded {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	done := false
	defer func() {
		if !done {
			d.sent.Delete(key)
		}
	}()
	if err := d.mail(c.To, c.Text); err != nil {
		failed(w, err)
		return
	}
	done = true
	w.WriteHeader(http.StatusAccepted)
}

// Call serves POST /calls: it rings, once per key that this process saw.
func (d *Desk) Call(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	old, replay, err := d.Ledger.Reserve(key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	if replay {
		_, _ = io.WriteString(w, old)
		return
	}
	defer d.Ledger.Unreserve(key)
	body, err := d.Phone.Ring(r.Context(), c.Number)
	if err != nil {
		failed(w, err)
		return
	}
	d.Ledger.Complete(key, body)
	_, _ = io.WriteString(w, body)
}

// Survey serves POST /surveys.
func (d *Desk) Survey(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	if old, ok := d.Answers.Get(key); ok {
		_, _ = io.WriteString(w, old)
		return
	}
	body, err := d.Phone.Ring(r.Context(), c.Number)
	if err != nil {
		failed(w, err)
		return
	}
	d.Answers.Put(key, body)
	_, _ = io.WriteString(w, body)
}

// Dial serves POST /dials; two requests with one key share a call.
func (d *Desk) Dial(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	body, err, _ := d.flights.Do(key, func() (any, error) { return d.Phone.Ring(r.Context(), c.Number) })
	if err != nil {
		failed(w, err)
		return
	}
	_, _ = io.WriteString(w, body.(string))
}

// Conference serves POST /conferences under a lease on the key.
func (d *Desk) Conference(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	ctx := r.Context()
	old, replay, err := d.Leases.Acquire(ctx, key)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	if replay {
		_, _ = io.WriteString(w, old)
		return
	}
	rung := false
	defer func() {
		if !rung {
			_ = d.Leases.Release(context.WithoutCancel(ctx), key)
		}
	}()
	body, err := d.Phone.Ring(ctx, c.Number)
	if err != nil {
		failed(w, err)
		return
	}
	rung = true
	if err := d.Leases.Complete(context.WithoutCancel(ctx), key, body); err != nil {
		failed(w, err)
		return
	}
	_, _ = io.WriteString(w, body)
}

// Broadcast serves POST /broadcasts: the mail goes out in the background.
func (d *Desk) Broadcast(w http.ResponseWriter, r *http.Request) {
	key, ok := guard.Key(w, r)
	if !ok {
		return
	}
	c, ok := read(w, r)
	if !ok {
		return
	}
	fresh, err := d.Redis.SetNX(r.Context(), "broadcast:"+key, "1", 24*time.Hour).Result()
	if err != nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	if fresh {
		d.background.Add(1)
		go func() {
			defer d.background.Done()
			_ = d.mail(c.To, c.Text)
		}()
	}
	w.WriteHeader(http.StatusAccepted)
}

// Refund serves POST /secure/refunds.
func (d *Desk) Refund(w http.ResponseWriter, r *http.Request) {
	c, ok := read(w, r)
	if !ok {
		return
	}
	body, err := d.Phone.Ring(r.Context(), "refund:"+c.Number)
	if err != nil {
		failed(w, err)
		return
	}
	_, _ = io.WriteString(w, body)
}

// Heartbeat serves POST /heartbeat: it keeps the agent's session alive.
func (d *Desk) Heartbeat(w http.ResponseWriter, r *http.Request) {
	agent := r.URL.Query().Get("agent")
	if err := d.Redis.Set(r.Context(), "session:"+agent, time.Now().Unix(), 30*time.Minute).Err(); err != nil {
		failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Attach serves POST /attachments: every upload is a new file.
func (d *Desk) Attach(w http.ResponseWriter, r *http.Request) {
	f, err := os.CreateTemp(d.Dir, "attachment-*")
	if err != nil {
		failed(w, err)
		return
	}
	defer f.Close()
	if _, err := io.Copy(f, r.Body); err != nil {
		failed(w, err)
		return
	}
	_, _ = io.WriteString(w, filepath.Base(f.Name()))
}

// AccessLog is a handler that appends to a file.
type AccessLog struct{ Path string }

// ServeHTTP serves POST /notes.
func (l *AccessLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, err := os.OpenFile(l.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		failed(w, err)
		return
	}
	defer f.Close()
	if _, err := io.Copy(f, r.Body); err != nil {
		failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
