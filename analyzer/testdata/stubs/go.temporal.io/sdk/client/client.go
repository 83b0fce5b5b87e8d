// Package client has declarations of Temporal's client that cases need.
package client

import (
	"context"

	"go.temporal.io/api/enums"
)

type StartWorkflowOptions struct {
	ID                    string
	TaskQueue             string
	WorkflowIDReusePolicy enums.WorkflowIdReusePolicy
}

type WorkflowRun interface{ GetID() string }

type Client interface {
	ExecuteWorkflow(ctx context.Context, options StartWorkflowOptions, workflow interface{}, args ...interface{}) (WorkflowRun, error)
}
