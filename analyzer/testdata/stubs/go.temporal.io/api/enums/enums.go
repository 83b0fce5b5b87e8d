// Package enums has declarations of Temporal's API that cases need.
package enums

type WorkflowIdReusePolicy int32

const (
	WORKFLOW_ID_REUSE_POLICY_UNSPECIFIED      WorkflowIdReusePolicy = 0
	WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE  WorkflowIdReusePolicy = 1
	WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE WorkflowIdReusePolicy = 3
)
