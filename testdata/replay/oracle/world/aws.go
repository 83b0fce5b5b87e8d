package world

import (
	"net/http"

	"github.com/idemlint/idemlint/testdata/replay/oracle/gate"
)

// AWS answers the calls of DynamoDB and SQS clients.
type AWS struct{}

func newAWS() *AWS                                          { return &AWS{} }
func (a *AWS) reset()                                       {}
func (a *AWS) expire()                                      {}
func (a *AWS) records() []Record                            { return nil }
func (a *AWS) wipe(func(table string) bool)                 {}
func (a *AWS) op(*http.Request) (gate.Op, error)            { return gate.Op{}, nil }
func (a *AWS) ServeHTTP(http.ResponseWriter, *http.Request) {}
