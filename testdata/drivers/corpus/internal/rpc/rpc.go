// Package rpc serves the desk over gRPC.
package rpc

import (
	"context"

	"example.com/desk/internal/desk"
	"example.com/desk/internal/rpc/deskv1"
)

// Server implements deskv1.DeskServer, but for Charge.
type Server struct {
	deskv1.UnimplementedDeskServer
	svc *desk.Service
}

// New makes a server.
func New(svc *desk.Service) *Server { return &Server{svc: svc} }

// Open opens a ticket.
func (s *Server) Open(ctx context.Context, req *deskv1.OpenRequest) (*deskv1.OpenReply, error) {
	id, err := s.svc.Open(ctx, desk.Ticket{Subject: req.Subject})
	return &deskv1.OpenReply{ID: id}, err
}

// Comment adds a comment.
func (s *Server) Comment(ctx context.Context, req *deskv1.CommentRequest) (*deskv1.CommentReply, error) {
	return &deskv1.CommentReply{}, s.svc.Comment(ctx, req.ID, req.Text)
}

// Rename gives a ticket another subject.
func (s *Server) Rename(ctx context.Context, req *deskv1.RenameRequest) (*deskv1.RenameReply, error) {
	return &deskv1.RenameReply{}, s.svc.Rename(ctx, req.ID, req.Subject)
}

// List lists the subjects.
func (s *Server) List(ctx context.Context, _ *deskv1.ListRequest) (*deskv1.ListReply, error) {
	tickets, err := s.svc.List(ctx)
	reply := &deskv1.ListReply{}
	for _, t := range tickets {
		reply.Subjects = append(reply.Subjects, t.Subject)
	}
	return reply, err
}
