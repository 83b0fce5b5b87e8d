// Package types declares what the cases use of aws-sdk-go-v2/service/ec2/types.
package types

type Filter struct {
	Name   *string
	Values []string
}

type Tag struct{ Key, Value *string }

type TagSpecification struct {
	ResourceType string
	Tags         []Tag
}

type Snapshot struct {
	SnapshotId *string
	VolumeId   *string
	Tags       []Tag
}
