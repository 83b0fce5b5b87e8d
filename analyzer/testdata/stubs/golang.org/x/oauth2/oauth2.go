// Package oauth2 declares what the cases need of golang.org/x/oauth2.
package oauth2

import "context"

type Config struct{ ClientID string }

type Token struct{ AccessToken string }

type AuthCodeOption interface{ setValue() }

func (c *Config) Exchange(ctx context.Context, code string, opts ...AuthCodeOption) (*Token, error) {
	return nil, nil
}
