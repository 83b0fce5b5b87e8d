// Package cloud is the client of a service that no row describes.
package cloud

import "context"

type Disk struct{ ID int64 }

type DiskClient struct{}

func (*DiskClient) Create(ctx context.Context, name string) (*Disk, error) { return nil, nil }
func (*DiskClient) Resize(ctx context.Context, name string) error          { return nil }
func (*DiskClient) List(ctx context.Context, name string) ([]*Disk, error) { return nil, nil }
