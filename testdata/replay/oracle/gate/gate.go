// Package gate puts every operation of a service on its stores and partners
// under the control of the harness: it records the operation, and a plan
// decides whether it goes ahead, waits, fails, panics or loses its reply.
// Waiting makes a race reliable: a check and the act that follows it are two
// operations, and a plan holds one request between the two while another
// runs. Failing makes errors, panics and crashes happen at every operation in
// turn, without a line in the service that knows of it.
package gate

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Op is one operation of a service on the world around it.
type Op struct {
	Store string   // sql, redis, dynamo, sqs, vendor, mail, broker, body
	Verb  string   // the SQL keyword, Redis command, API operation or HTTP method
	Place string   // the table, key, queue or path
	Also  []string // further tables of one statement
	Write bool     // whether the operation may change what the store holds
}

// String is the form that reports show.
func (o Op) String() string { return o.Store + " " + o.Verb + " " + o.Place }

// Errors and the panic value that a plan injects.
var (
	// ErrInjected is returned instead of performing the operation.
	ErrInjected = errors.New("injected: store not available")
	// ErrReplyLost is returned after the operation was performed.
	ErrReplyLost = errors.New("injected: reply lost")
	// ErrCrashed is returned for every operation after a crash.
	ErrCrashed = errors.New("injected: process is gone")
)

// Panic is the value of an injected panic: the operation it stands before.
type Panic string

func (p Panic) String() string { return "injected: panic at " + string(p) }

// Plan decides about operations. Enter is called before the n-th operation
// (from 1) since the plan was set; it may block, and its verdict is carried
// out.
type Plan interface {
	Enter(n int, op Op) Verdict
}

// Verdict is what becomes of an operation.
type Verdict int

// The verdicts.
const (
	Go        Verdict = iota // perform it
	Fail                     // return ErrInjected, perform nothing
	Crash                    // return ErrCrashed, perform nothing
	Blow                     // panic, perform nothing
	LoseReply                // perform it, then return ErrReplyLost
)

// Gate is passed by all operations of one service instance.
type Gate struct {
	mu   sync.Mutex
	plan Plan
	n    int
	log  []Op
}

// New returns a gate that lets everything through.
func New() *Gate { return &Gate{plan: Free{}} }

// Set starts a plan: the count of operations and the log begin anew.
func (g *Gate) Set(p Plan) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.plan, g.n, g.log = p, 0, nil
}

// Log returns the operations since the plan was set, in order.
func (g *Gate) Log() []Op {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]Op(nil), g.log...)
}

type bypassKey struct{}

// Bypass marks a context whose operations belong to the harness itself: they
// are neither counted nor delayed.
func Bypass(ctx context.Context) context.Context {
	return context.WithValue(ctx, bypassKey{}, true)
}

// Do passes op through the gate and performs it as the plan says.
func (g *Gate) Do(ctx context.Context, op Op, perform func() error) error {
	if ctx != nil && ctx.Value(bypassKey{}) != nil {
		return perform()
	}
	g.mu.Lock()
	g.n++
	n, plan := g.n, g.plan
	g.log = append(g.log, op)
	g.mu.Unlock()
	switch v := plan.Enter(n, op); v {
	case Go:
		return perform()
	case Fail:
		return ErrInjected
	case Crash:
		return ErrCrashed
	case Blow:
		panic(Panic(op.String()))
	case LoseReply:
		if err := perform(); err != nil {
			return err
		}
		return ErrReplyLost
	default:
		return fmt.Errorf("gate: unknown verdict %d", v)
	}
}
