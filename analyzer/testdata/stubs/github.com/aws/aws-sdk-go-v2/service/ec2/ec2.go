// Package ec2 declares what the cases use of aws-sdk-go-v2/service/ec2.
package ec2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

type Options struct{}

type Client struct{}

type CreateVolumeInput struct {
	ClientToken *string
	DryRun      *bool
	Size        *int32
	SnapshotId  *string
}

type CreateVolumeOutput struct{ VolumeId *string }

func (*Client) CreateVolume(ctx context.Context, in *CreateVolumeInput, opts ...func(*Options)) (*CreateVolumeOutput, error) {
	return nil, nil
}

type DeleteVolumeInput struct{ VolumeId *string }

type DeleteVolumeOutput struct{}

func (*Client) DeleteVolume(ctx context.Context, in *DeleteVolumeInput, opts ...func(*Options)) (*DeleteVolumeOutput, error) {
	return nil, nil
}

type CreateSnapshotInput struct {
	VolumeId          *string
	Description       *string
	TagSpecifications []types.TagSpecification
}

type CreateSnapshotOutput struct{ SnapshotId, VolumeId *string }

func (*Client) CreateSnapshot(ctx context.Context, in *CreateSnapshotInput, opts ...func(*Options)) (*CreateSnapshotOutput, error) {
	return nil, nil
}

type DescribeSnapshotsInput struct {
	Filters     []types.Filter
	SnapshotIds []string
	NextToken   *string
}

type DescribeSnapshotsOutput struct {
	Snapshots []types.Snapshot
	NextToken *string
}

func (*Client) DescribeSnapshots(ctx context.Context, in *DescribeSnapshotsInput, opts ...func(*Options)) (*DescribeSnapshotsOutput, error) {
	return nil, nil
}
