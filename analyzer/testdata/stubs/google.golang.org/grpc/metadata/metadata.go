// Package metadata declares what the cases use of google.golang.org/grpc/metadata.
package metadata

import "context"

type MD map[string][]string

func (MD) Get(string) []string { return nil }

func FromIncomingContext(context.Context) (MD, bool) { return nil, false }
