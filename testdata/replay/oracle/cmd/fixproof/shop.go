package main

import (
	_ "embed"
	"os"
	"path/filepath"
	"strings"
)

// shopProof is a test of the shop's main package. The harness cannot start the
// shop, whose packages are internal, so the shop's own fixture does.
//
//go:embed shop_proof.go.txt
var shopProof []byte

// proveShop repeats the requests of the shop's repaired endpoints.
func (w *workshop) proveShop(r *row) error {
	dir := w.folder("shop")
	if err := os.WriteFile(filepath.Join(dir, "cmd", "shop", "proof_test.go"), shopProof, 0o644); err != nil {
		return err
	}
	out, failed := command(w.ctx, dir, "go", "test", "-count=1", "-v", "-run", "TestRepaired", "./cmd/shop")
	for _, n := range r.repaired {
		test := "TestRepaired/" + strings.ReplaceAll(n.Method+" "+n.Route, " ", "_") + " "
		switch {
		case strings.Contains(out, "--- PASS: "+test):
			r.proven++
		case strings.Contains(out, "--- FAIL: "+test):
			r.notes = append(r.notes, "not safe: "+n.Method+" "+n.Route)
		default:
			r.notes = append(r.notes, "not measured: "+n.Method+" "+n.Route)
		}
	}
	if failed != nil && r.proven == len(r.repaired) {
		r.notes = append(r.notes, "the proof fails: "+firstLine(out))
	}
	return nil
}
