package idempotency

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/known/anypb"
)

// reads says whether a method's definition declares that it has no side
// effects: then it needs no key.
func reads(procedure string) bool {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(procedure, "/"), "/", "."))
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return false
	}
	options, ok := d.Options().(*descriptorpb.MethodOptions)
	return ok && options.GetIdempotencyLevel() == descriptorpb.MethodOptions_NO_SIDE_EFFECTS
}

// messagePrint is the fingerprint of a request.
func messagePrint(req any) (string, error) {
	m, ok := req.(proto.Message)
	if !ok {
		return "", fmt.Errorf("idempotency: %T is no protobuf message", req)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return "", err
	}
	return fingerprint(data), nil
}

// encodeMessage makes the stored form of a message: with its type.
func encodeMessage(v any) ([]byte, error) {
	m, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("idempotency: %T is no protobuf message", v)
	}
	packed, err := anypb.New(m)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(packed)
}

// decodeMessage reads a stored message.
func decodeMessage(data []byte) (proto.Message, error) {
	packed := &anypb.Any{}
	if err := proto.Unmarshal(data, packed); err != nil {
		return nil, fmt.Errorf("idempotency: the stored response cannot be read: %w", err)
	}
	return packed.UnmarshalNew()
}
