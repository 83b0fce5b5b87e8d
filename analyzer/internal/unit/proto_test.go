package unit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// field encodes a field of length-delimited content, or of a number.
func field(num int, content string) string {
	return varint(uint64(num)<<3|2) + varint(uint64(len(content))) + content
}

func number(num int, n uint64) string { return varint(uint64(num)<<3) + varint(n) }

func varint(n uint64) string {
	var out []byte
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return string(append(out, byte(n)))
}

func TestDescriptors(t *testing.T) {
	t.Parallel()
	pay := field(1, "Pay") + field(4, number(34, 2)+field(72295728, field(4, "/v1/pay")+field(11, field(3, "/v1/pay/{id}"))))
	get := field(1, "Get") + field(4, number(34, 1)+field(72295728, field(8, field(1, "LIST")+field(2, "/v1"))))
	file := field(1, "a.proto") + field(2, "shop.v1") + field(6, field(1, "Till")+field(2, pay)+field(2, get)+field(2, field(1, "Plain")))
	require.Equal(t, []RPC{
		{Name: "/shop.v1.Till/Pay", Level: Idempotent, HTTP: []string{"POST /v1/pay", "PUT /v1/pay/{id}"}},
		{Name: "/shop.v1.Till/Get", Level: NoSideEffects, HTTP: []string{"LIST /v1"}},
		{Name: "/shop.v1.Till/Plain"},
	}, fileRPCs([]byte(file)))
	require.Empty(t, fileRPCs([]byte("\x1f\x8bno gzip")))
	for n := range file { // cut short anywhere, it must not panic
		fileRPCs([]byte(file[:n]))
	}
}
