# make replay measures the services under testdata/replay and compares the
# linter with them; ARGS are flags of the command, such as -stores=all.
.PHONY: replay
replay:
	cd testdata/replay/oracle && go run ./cmd/replay $(ARGS)
