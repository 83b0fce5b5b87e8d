// Command jobs takes orders from asynq, river and Temporal.
package main

import (
	"context"
	"database/sql"

	"github.com/hibiken/asynq"
	"github.com/riverqueue/river"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"example.com/events/orders"
)

type jobs struct{ db *sql.DB }

func (j *jobs) plain(ctx context.Context, t *asynq.Task) error {
	return orders.Add(j.db, string(t.Payload()))
}

func (j *jobs) once(ctx context.Context, t *asynq.Task) error {
	id, _ := asynq.GetTaskID(ctx)
	if first, err := orders.Claim(j.db, id); err != nil || !first {
		return err
	}
	return orders.Add(j.db, string(t.Payload()))
}

type args struct{ Item string }

// Kind names the job.
func (args) Kind() string { return "order" }

type orderWorker struct {
	river.WorkerDefaults[args]
	db *sql.DB
}

// Work adds an order.
func (w *orderWorker) Work(ctx context.Context, job *river.Job[args]) error {
	return orders.Add(w.db, job.Args.Item)
}

// Activities are those of a workflow.
type Activities struct{ db *sql.DB }

// Charge adds an order.
func (a *Activities) Charge(ctx context.Context, item string) error { return orders.Add(a.db, item) }

// ChargeOnce adds an order once for an attempt of the workflow.
func (a *Activities) ChargeOnce(ctx context.Context, item string) error {
	info := activity.GetInfo(ctx)
	if first, err := orders.Claim(a.db, info.WorkflowExecution.RunID+info.ActivityID); err != nil || !first {
		return err
	}
	return orders.Add(a.db, item)
}

func standalone(ctx context.Context, item string) error { return orders.Add(nil, item) }

func main() {
	db, _ := sql.Open("postgres", "")
	j := &jobs{db}
	mux := asynq.NewServeMux()
	mux.HandleFunc("order:plain", j.plain)
	mux.HandleFunc("order:once", j.once)
	asynq.NewServer(asynq.RedisClientOpt{}, asynq.Config{}).Run(mux)

	workers := river.NewWorkers()
	river.AddWorker(workers, &orderWorker{db: db})

	w := worker.New(nil, "queue", worker.Options{})
	w.RegisterActivity(&Activities{db})
	w.RegisterActivity(standalone)
	w.Run(worker.InterruptCh())
}
