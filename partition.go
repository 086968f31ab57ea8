package assize

import "strings"

// partitions are the partitions of AWS by the prefix of their Regions' names ("AWS Fault Isolation Boundaries",
// Partitions, and the table of end points of the SDK).
var partitions = []struct{ prefix, name string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
	{"eusc-", "aws-eusc"},
}

// Partition is the partition of a Region, which ARNs begin with; that of commercial Regions for any other text.
func Partition(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.name
		}
	}
	return "aws"
}
