package aws

import (
	"slices"

	"github.com/assize-dev/assize"
)

// enabledByDefault are the Regions of the partition aws that every account has.
// All that came after 20 March 2019 must be opted in to, and none is added here.
// Source: AWS Account Management Reference Guide, "Enable or disable AWS Regions".
var enabledByDefault = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// needsOptIn tells whether an account may be without the Region. Regions of other
// partitions are enabled with the account.
func needsOptIn(region string) bool {
	return assize.Partition(region) == "aws" && region != "" && region != "global" && !slices.Contains(enabledByDefault, region)
}
