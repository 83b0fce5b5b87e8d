// Package ec2 declares what the cases use of aws-sdk-go-v2/service/ec2.
package ec2

import "context"

type Options struct{}

type Client struct{}

type CreateVolumeInput struct {
	ClientToken *string
	DryRun      *bool
	Size        *int32
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
