// Package github is as much of github.com/google/go-github/github as the cases use.
package github

import "context"

type Client struct {
	Git          *GitService
	PullRequests *PullRequestsService
}

type GitService struct{}

func (*GitService) DeleteRef(ctx context.Context, ref string) error { return nil }

type PullRequestsService struct{}

func (*PullRequestsService) Merge(ctx context.Context, number int) error { return nil }
