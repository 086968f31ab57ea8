package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

const (
	typeEBSEncryption      = "AWS::EC2::EBSEncryptionByDefault"
	opGetEBSEncryption     = "ec2:GetEbsEncryptionByDefault"
	opGetEBSEncryptionKey  = "ec2:GetEbsDefaultKmsKeyId"
	idEBSEncryptionDefault = "ebs-encryption-by-default"
)

// ec2EBSEncryption reads the one setting of the Region. Its record is always there;
// what cannot be read is a gap in it.
var ec2EBSEncryption = collector{
	Declaration: collect.Declaration{
		Name: "ec2-ebs-encryption", Service: "ec2", Scope: collect.Regional, Types: []string{typeEBSEncryption},
		Operations: []collect.Operation{
			{Name: opGetEBSEncryption, Actions: []string{opGetEBSEncryption}},
			{Name: opGetEBSEncryptionKey, Actions: []string{opGetEBSEncryptionKey}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		t.Complete(typeEBSEncryption)
		b := t.New(typeEBSEncryption, idEBSEncryptionDefault)
		if b == nil {
			return nil
		}
		api := c.ec2(t.Region)
		describe(ctx, b, opGetEBSEncryption, api.GetEbsEncryptionByDefault, &ec2.GetEbsEncryptionByDefaultInput{})
		describe(ctx, b, opGetEBSEncryptionKey, api.GetEbsDefaultKmsKeyId, &ec2.GetEbsDefaultKmsKeyIdInput{})
		t.Emit(b)
		return nil
	},
}
