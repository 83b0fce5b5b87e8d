package orders

import (
	"context"
	"database/sql"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/grpc/orderspb"
)

// Service implements the RPCs.
type Service struct {
	orderspb.UnimplementedOrdersServer
	DB *sql.DB
}

// Create adds an order.
func (s *Service) Create(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	return in, Add(s.DB, in.GetValue())
}

// Get reads one.
func (s *Service) Get(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	item, err := Read(s.DB, in.GetValue())
	return wrapperspb.String(item), err
}

// Import adds many.
func (s *Service) Import(stream grpc.ClientStreamingServer[wrapperspb.StringValue, wrapperspb.StringValue]) error {
	for {
		in, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(wrapperspb.String("done"))
		}
		if err != nil {
			return err
		}
		if err := Add(s.DB, in.GetValue()); err != nil {
			return err
		}
	}
}

// ReadOnly serves Get alone.
type ReadOnly struct {
	orderspb.UnimplementedOrdersServer
	Service *Service
}

// Get reads one.
func (r *ReadOnly) Get(ctx context.Context, in *wrapperspb.StringValue) (*wrapperspb.StringValue, error) {
	return r.Service.Get(ctx, in)
}
