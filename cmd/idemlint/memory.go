package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// spread lets the heap grow again, after the code was read and most of it was
// let go, to what reading it has taken from the system, before it is collected.
// Without it the collector works as often as the little that is left doubles,
// which is a quarter of all that following the code costs.
func spread() {
	if os.Getenv("GOGC") != "" {
		return
	}
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	keepTo(s.HeapSys - s.HeapReleased)
}

// keepTo aims the next collection at a size of the heap in bytes, and does so
// again after each one: an object that nobody holds tells when. (Its pointer keeps
// it from sharing a block with other small objects, whose finalizer may never run.)
func keepTo(size uint64) {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	const usual, most = 100, 2000
	percent := max(size, s.HeapAlloc)*100/max(s.HeapAlloc, 1) - 100
	debug.SetGCPercent(int(min(max(percent, usual), most)))
	runtime.SetFinalizer(&collected{}, func(*collected) { keepTo(size) })
}

type collected struct{ _ *int }
