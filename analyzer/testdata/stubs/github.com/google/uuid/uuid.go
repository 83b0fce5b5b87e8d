// Package uuid declares what the cases use of google/uuid.
package uuid

type UUID [16]byte

func (UUID) String() string { return "" }

func New() UUID { return UUID{} }

func NewString() string { return "" }

// NameSpaceURL is the space of names that are URLs.
var NameSpaceURL UUID

func NewSHA1(space UUID, data []byte) UUID { return UUID{} }
