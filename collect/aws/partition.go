package aws

import "github.com/assize-dev/assize"

// iamRegions are the Regions in which the IAM of a partition is called.
var iamRegions = map[string]string{
	"aws":        "us-east-1",
	"aws-cn":     "cn-north-1",
	"aws-us-gov": "us-gov-west-1",
	"aws-iso":    "us-iso-east-1",
	"aws-iso-b":  "us-isob-east-1",
	"aws-iso-e":  "eu-isoe-west-1",
	"aws-iso-f":  "us-isof-south-1",
	"aws-eusc":   "eusc-de-east-1",
}

// iamRegion is the Region in which the IAM of a Region's partition is called.
func iamRegion(region string) string { return iamRegions[assize.Partition(region)] }
