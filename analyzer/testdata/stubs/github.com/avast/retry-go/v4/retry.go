// Package retry declares what the cases use of avast/retry-go.
package retry

type Option func()

type RetryableFunc func() error

func Do(retryableFunc RetryableFunc, opts ...Option) error { return nil }

func Attempts(n uint) Option { return nil }
