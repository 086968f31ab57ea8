package aws

import "strings"

// partitions by the prefix of their Regions' names, and where their IAM is called.
var partitions = []struct{ prefix, name, iam string }{
	{"cn-", "aws-cn", "cn-north-1"},
	{"us-gov-", "aws-us-gov", "us-gov-west-1"},
	{"us-iso-", "aws-iso", "us-iso-east-1"},
	{"us-isob-", "aws-iso-b", "us-isob-east-1"},
	{"eu-isoe-", "aws-iso-e", "eu-isoe-west-1"},
	{"us-isof-", "aws-iso-f", "us-isof-south-1"},
	{"eusc-", "aws-eusc", "eusc-de-east-1"},
	{"", "aws", "us-east-1"},
}

// partitionOf is the partition of a Region.
func partitionOf(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.name
		}
	}
	return ""
}

// iamRegion is the Region in which the IAM of a Region's partition is called.
func iamRegion(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.iam
		}
	}
	return region
}
