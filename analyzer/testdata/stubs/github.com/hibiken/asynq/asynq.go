// Package asynq declares what the cases use of hibiken/asynq.
package asynq

import "context"

type Task struct{}

func NewTask(typename string, payload []byte) *Task { return &Task{} }

func (*Task) Payload() []byte { return nil }

type Handler interface {
	ProcessTask(context.Context, *Task) error
}

type ServeMux struct{}

func NewServeMux() *ServeMux { return &ServeMux{} }

func (*ServeMux) Handle(pattern string, handler Handler) {}

func (*ServeMux) HandleFunc(pattern string, handler func(context.Context, *Task) error) {}

func (*ServeMux) ProcessTask(context.Context, *Task) error { return nil }

type Server struct{}

func (*Server) Run(h Handler) error { return nil }

type Client struct{}

type Option interface{ Type() int }

type TaskInfo struct{}

func (*Client) Enqueue(task *Task, opts ...Option) (*TaskInfo, error) { return nil, nil }
