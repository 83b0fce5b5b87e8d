module example.com/webhooks

go 1.25.0

require (
	github.com/google/go-github/v66 v66.0.0
	github.com/standard-webhooks/standard-webhooks/libraries v0.0.1
	github.com/stripe/stripe-go/v82 v82.5.1
	github.com/svix/svix-webhooks v1.44.0
)

require (
	github.com/google/go-querystring v1.1.0 // indirect
	gopkg.in/validator.v2 v2.0.1 // indirect
)
