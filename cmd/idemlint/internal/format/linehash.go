package format

import (
	"strconv"
	"unicode/utf16"
)

// What GitHub's upload action uses to recognise a line again.
const (
	hashBase   = 37
	hashWindow = 100
	hashEnd    = 0xFFFF // stands for the end of the file
)

// lineHashes returns the value that GitHub code scanning knows as
// primaryLocationLineHash for each line: a polynomial hash, modulo 2^64, of
// the 100 UTF-16 code units from the line's start on that are neither blank
// nor tab, and behind a colon how often that hash came up so far. The upload
// action computes the same for results that lack it, but uploads through the
// API have to bring it.
func lineHashes(src []byte) []string {
	units, starts := hashUnits(string(src))
	seen := make(map[uint64]int)
	hashes := make([]string, len(starts))
	for i, start := range starts {
		var h uint64
		for j := start; j < start+hashWindow; j++ {
			h *= hashBase
			if j < len(units) {
				h += uint64(units[j])
			}
		}
		seen[h]++
		hashes[i] = strconv.FormatUint(h, 16) + ":" + strconv.Itoa(seen[h])
	}
	return hashes
}

// hashUnits returns the code units that count, with every line end as one
// line feed and the end marked, and where among them the lines start.
func hashUnits(src string) (units []uint16, starts []int) {
	starts = append(starts, 0)
	var last uint16
	for _, u := range utf16.Encode([]rune(src)) {
		before := last
		last = u
		switch {
		case u == ' ' || u == '\t' || u == '\n' && before == '\r':
			continue
		case u == '\r':
			u = '\n'
		}
		units = append(units, u)
		if u == '\n' {
			starts = append(starts, len(units))
		}
	}
	return append(units, hashEnd), starts
}
