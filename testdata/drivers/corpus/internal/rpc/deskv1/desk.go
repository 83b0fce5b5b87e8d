// Package deskv1 has the shape of what protoc-gen-go-grpc makes of a service,
// without the encoding of its messages.
package deskv1

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The messages.
type (
	OpenRequest    struct{ Subject string }
	OpenReply      struct{ ID int64 }
	CommentRequest struct {
		ID   int64
		Text string
	}
	CommentReply  struct{}
	RenameRequest struct {
		ID      int64
		Subject string
	}
	RenameReply   struct{}
	ListRequest   struct{}
	ListReply     struct{ Subjects []string }
	ChargeRequest struct {
		ID, Cents int64
	}
	ChargeReply struct{}
)

// DeskServer is the server API of the service.
type DeskServer interface {
	Open(context.Context, *OpenRequest) (*OpenReply, error)
	Comment(context.Context, *CommentRequest) (*CommentReply, error)
	Rename(context.Context, *RenameRequest) (*RenameReply, error)
	List(context.Context, *ListRequest) (*ListReply, error)
	Charge(context.Context, *ChargeRequest) (*ChargeReply, error)
	mustEmbedUnimplementedDeskServer()
}

// UnimplementedDeskServer must be embedded.
type UnimplementedDeskServer struct{}

func (UnimplementedDeskServer) Open(context.Context, *OpenRequest) (*OpenReply, error) {
	return nil, status.Error(codes.Unimplemented, "method Open not implemented")
}
func (UnimplementedDeskServer) Comment(context.Context, *CommentRequest) (*CommentReply, error) {
	return nil, status.Error(codes.Unimplemented, "method Comment not implemented")
}
func (UnimplementedDeskServer) Rename(context.Context, *RenameRequest) (*RenameReply, error) {
	return nil, status.Error(codes.Unimplemented, "method Rename not implemented")
}
func (UnimplementedDeskServer) List(context.Context, *ListRequest) (*ListReply, error) {
	return nil, status.Error(codes.Unimplemented, "method List not implemented")
}
func (UnimplementedDeskServer) Charge(context.Context, *ChargeRequest) (*ChargeReply, error) {
	return nil, status.Error(codes.Unimplemented, "method Charge not implemented")
}
func (UnimplementedDeskServer) mustEmbedUnimplementedDeskServer() {}

// RegisterDeskServer registers an implementation.
func RegisterDeskServer(s grpc.ServiceRegistrar, srv DeskServer) {
	s.RegisterService(&Desk_ServiceDesc, srv)
}

// Desk_ServiceDesc is the grpc.ServiceDesc of the service.
var Desk_ServiceDesc = grpc.ServiceDesc{
	ServiceName: "desk.v1.Desk",
	HandlerType: (*DeskServer)(nil),
	Methods:     []grpc.MethodDesc{},
	Streams:     []grpc.StreamDesc{},
	Metadata:    "desk/v1/desk.proto",
}
