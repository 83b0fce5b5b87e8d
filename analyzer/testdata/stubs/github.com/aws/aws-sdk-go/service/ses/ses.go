// Package ses declares what the cases need of the AWS SDK's mail service.
package ses

type SES struct{}

type ConfigurationSet struct{ Name *string }

type CreateConfigurationSetInput struct{ ConfigurationSet *ConfigurationSet }

type CreateConfigurationSetOutput struct{}

func (c *SES) CreateConfigurationSet(input *CreateConfigurationSetInput) (*CreateConfigurationSetOutput, error) {
	return nil, nil
}
