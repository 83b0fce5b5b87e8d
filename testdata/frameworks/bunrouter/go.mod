module example.com/bunrouter

go 1.24

require github.com/uptrace/bunrouter v1.0.23
