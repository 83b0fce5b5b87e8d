// Package proto declares what the cases use of google.golang.org/protobuf/proto.
package proto

type Message interface{ ProtoReflect() }

func Clone(Message) Message { return nil }
