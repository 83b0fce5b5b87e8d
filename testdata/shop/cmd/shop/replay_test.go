package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/shop/internal/rpc/shopv1"
)

const draft = `{"email": "ada@example.com", "address": "1 Elm St", "lines": [{"sku": "mug", "qty": 2}]}`

// place stores an order and returns its path.
func (f *fixture) place() (path, id string) {
	f.t.Helper()
	w := f.send("POST", "/orders", "", draft)
	var o struct{ ID string }
	require.NoError(f.t, json.Unmarshal(w.Body.Bytes(), &o))
	require.NotEmpty(f.t, o.ID)
	return "/orders/" + o.ID, o.ID
}

func paymentOf(orderID string) string {
	return `{"order_id": "` + orderID + `", "card": "4242", "cents": 2000}`
}

// These requests act again when a client sends them again.

func TestPlaceOrderAgain(t *testing.T) {
	f := open(t)
	f.twice("POST", "/orders", "", draft)
	require.Equal(t, 2, f.number(`SELECT count(*) FROM orders`))
}

func TestRefundAgain(t *testing.T) {
	f := open(t)
	path, id := f.place()
	require.Equal(t, 201, f.send("POST", "/payments", "k1", paymentOf(id)).Code)
	f.twice("POST", path+"/refund", "", `{"cents": 500}`)
	require.Equal(t, 2, f.bank.count("/refunds"))
	require.Equal(t, 1000, f.number(`SELECT sum(cents) FROM refunds`))
}

func TestAdjustStockAgain(t *testing.T) {
	f := open(t)
	f.twice("POST", "/stock/mug/adjust", "", `{"delta": -3}`)
	require.Equal(t, 34, f.number(`SELECT qty FROM stock WHERE sku = 'mug'`))
}

func TestTransferAgain(t *testing.T) {
	f := open(t)
	for range 2 {
		_, err := f.credit.Transfer(context.Background(), &shopv1.TransferRequest{From: "ada", To: "grace", Cents: 700})
		require.NoError(t, err)
	}
	require.Equal(t, 3600, f.number(`SELECT cents FROM credit WHERE account = 'ada'`))
}

func TestPayoutAtOnce(t *testing.T) {
	const body = `{"seller": "acme", "cents": 900}`
	f := open(t)
	f.twice("POST", "/payouts", "k1", body)
	require.Equal(t, 1, f.bank.count("/payouts"), "one after the other: the second finds the first")

	f.bank.meet = &sync.WaitGroup{}
	f.bank.meet.Add(2)
	f.atOnce("POST", "/payouts", "k2", body)
	require.Equal(t, 3, f.bank.count("/payouts"), "at once: neither finds the other")
}

// These requests act once.

func TestPayOnce(t *testing.T) {
	f := open(t)
	_, id := f.place()
	first, second := f.twice("POST", "/payments", "k1", paymentOf(id))
	require.Equal(t, 1, f.bank.count("/charges"))
	require.Equal(t, 1, f.number(`SELECT count(*) FROM payments`))
	require.Equal(t, first.Code, second.Code)
	require.Equal(t, first.Body.String(), second.Body.String())
	require.Equal(t, "true", second.Header().Get("Idempotent-Replayed"))

	require.Equal(t, http.StatusUnprocessableEntity, f.send("POST", "/payments", "k1", paymentOf("another")).Code)
	require.Equal(t, http.StatusBadRequest, f.send("POST", "/payments", "", paymentOf(id)).Code)
	require.Equal(t, 1, f.bank.count("/charges"))
}

func TestPayAtOnce(t *testing.T) {
	f := open(t)
	_, id := f.place()
	for _, code := range f.atOnce("POST", "/payments", "k1", paymentOf(id)) {
		require.Contains(t, []int{http.StatusCreated, http.StatusConflict}, code)
	}
	require.Equal(t, 1, f.bank.count("/charges"))
}

func TestPayAgainAfterFailure(t *testing.T) {
	f := open(t)
	_, id := f.place()
	f.bank.fail = true
	require.Equal(t, http.StatusInternalServerError, f.send("POST", "/payments", "k1", paymentOf(id)).Code)
	f.bank.fail = false
	require.Equal(t, http.StatusCreated, f.send("POST", "/payments", "k1", paymentOf(id)).Code)
	require.Equal(t, 1, f.number(`SELECT count(*) FROM payments`))
}

func TestReceiptOnce(t *testing.T) {
	f := open(t)
	path, _ := f.place()
	f.twice("POST", path+"/receipt", "k1", "")
	require.Equal(t, []string{"ada@example.com"}, f.mail.to)
}

func TestChargeOnce(t *testing.T) {
	f := open(t)
	ctx := context.Background()
	charge := &shopv1.ChargeRequest{Account: "ada", Cents: 800, IdempotencyKey: "k1"}
	var clients sync.WaitGroup
	for range 4 {
		clients.Add(1)
		go func() {
			defer clients.Done()
			res, err := f.credit.Charge(ctx, charge)
			if err != nil || res.GetBalanceCents() != 4200 {
				t.Errorf("Charge: balance %d, error %v", res.GetBalanceCents(), err)
			}
		}()
	}
	clients.Wait()
	balance, err := f.credit.GetBalance(ctx, &shopv1.GetBalanceRequest{Account: "ada"})
	require.NoError(t, err)
	require.EqualValues(t, 4200, balance.GetCents())

	charge.Cents = 900
	_, err = f.credit.Charge(ctx, charge)
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
}

// These requests may run as often as they like.

func TestSameStateAfterRepeat(t *testing.T) {
	f := open(t)
	path, _ := f.place()
	for _, r := range []struct{ method, path, body, query string }{
		{"POST", "/customers", `{"email": "ada@example.com", "name": "Ada"}`, `SELECT count(*) FROM customers`},
		{"PUT", path + "/address", `{"address": "2 Oak St"}`, `SELECT count(*) FROM orders WHERE address = '2 Oak St'`},
		{"POST", path + "/cancel", "", `SELECT count(*) FROM orders WHERE status = 'cancelled'`},
		{"PUT", "/stock/vase", `{"qty": 1}`, `SELECT qty FROM stock WHERE sku = 'vase'`},
		{"DELETE", "/stock/vase", "", `SELECT count(*) = 0 FROM stock WHERE sku = 'vase'`},
	} {
		first, second := f.twice(r.method, r.path, "", r.body)
		require.Equal(t, first.Code, second.Code, r.path)
		require.Equal(t, first.Body.String(), second.Body.String(), r.path)
		require.Equal(t, 1, f.number(r.query), r.path)
	}
}
