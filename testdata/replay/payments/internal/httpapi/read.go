package httpapi

import (
	"fmt"
	"net/http"
	"net/smtp"

	"example.com/payments/internal/payment"
)

// ListPayments serves GET /payments.
func (a *API) ListPayments(w http.ResponseWriter, r *http.Request) {
	list, err := a.store.PaymentsOf(r.Context(), r.URL.Query().Get("account"))
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, list)
}

// GetPayment serves GET /payments/{id}.
func (a *API) GetPayment(w http.ResponseWriter, r *http.Request) {
	p, err := a.store.Payment(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	if err := a.store.Audit(r.Context(), p.AccountID, "read payment"); err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, p)
}

// SendReceipt serves GET /payments/{id}/receipt/send, a link in our mails.
func (a *API) SendReceipt(w http.ResponseWriter, r *http.Request) {
	p, err := a.store.Payment(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	body := fmt.Sprintf("Subject: Your receipt\r\n\r\nPayment %s over %d cents.\r\n", p.ID, p.Amount)
	if err := smtp.SendMail(a.mailAddr, nil, "pay@example.com", []string{p.AccountID + "@example.com"}, []byte(body)); err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"sent": p.ID})
}

// Risk serves GET /accounts/{id}/risk.
func (a *API) Risk(w http.ResponseWriter, r *http.Request) {
	score, err := a.provider.Score(r.Context(), r.PathValue("id"))
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]int{"score": score})
}

// Quote serves POST /quotes: it computes a price and stores nothing.
func (a *API) Quote(w http.ResponseWriter, r *http.Request) {
	var o payment.Order
	if !decode(w, r, &o) {
		return
	}
	fee := o.Amount / 100
	if fee < 25 {
		fee = 25
	}
	writeJSON(w, http.StatusOK, map[string]int64{"amount": o.Amount, "fee": fee})
}
