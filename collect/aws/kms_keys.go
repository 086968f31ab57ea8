package aws

import (
	"context"
	"errors"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const (
	typeKey             = "AWS::KMS::Key"
	opListKeys          = "kms:ListKeys"
	opListAliases       = "kms:ListAliases"
	opDescribeKey       = "kms:DescribeKey"
	opGetKeyPolicy      = "kms:GetKeyPolicy"
	opGetRotationStatus = "kms:GetKeyRotationStatus"

	keyPage   = 1000
	aliasPage = 100

	// codeNoRotation is how KMS answers for keys that cannot rotate by themselves.
	codeNoRotation = "UnsupportedOperationException"
)

var kmsKeys = collector{
	Declaration: collect.Declaration{
		Name: "kms-keys", Service: "kms", Scope: collect.Regional, Types: []string{typeKey},
		Operations: []collect.Operation{
			{Name: opListKeys, Actions: []string{opListKeys}},
			{Name: opListAliases, Actions: []string{opListAliases}},
			{Name: opDescribeKey, Actions: []string{opDescribeKey}},
			{Name: opGetKeyPolicy, Actions: []string{opGetKeyPolicy}},
			// Rotation that is off is an output in which nothing is set but the key's id.
			{Name: opGetRotationStatus, Actions: []string{opGetRotationStatus}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.kms(t.Region)
		keys := list(ctx, t, opListKeys, kms.NewListKeysPaginator(api, &kms.ListKeysInput{Limit: aws.Int32(keyPage)}),
			func(o *kms.ListKeysOutput) []types.KeyListEntry { return o.Keys }, typeKey)
		if len(keys) == 0 {
			return nil
		}
		aliases, aliasErr := keyAliases(ctx, t, api)
		if errors.Is(aliasErr, collect.ErrStopped) {
			return aliasErr
		}
		key := func(k types.KeyListEntry) (string, string) { return typeKey, aws.ToString(k.KeyId) }
		return each(ctx, t, keys, key, func(ctx context.Context, b *collect.Builder, k types.KeyListEntry) {
			b.ARN(aws.ToString(k.KeyArn))
			if aliasErr != nil {
				b.Fail(opListAliases, aliasErr)
			} else {
				b.Answer(opListAliases, map[string][]types.AliasListEntry{"Aliases": aliases[b.ID()]})
			}
			describeKey(ctx, b, api, k.KeyId)
		})
	},
}

// keyAliases lists the aliases of the Region once, by the key that they name.
func keyAliases(ctx context.Context, t *collect.Task, api *kms.Client) (map[string][]types.AliasListEntry, error) {
	all, err := pages(ctx, t, opListAliases, t.Region,
		kms.NewListAliasesPaginator(api, &kms.ListAliasesInput{Limit: aws.Int32(aliasPage)}),
		func(o *kms.ListAliasesOutput) []types.AliasListEntry { return o.Aliases })
	byKey := map[string][]types.AliasListEntry{}
	for _, a := range all {
		byKey[aws.ToString(a.TargetKeyId)] = append(byKey[aws.ToString(a.TargetKeyId)], a)
	}
	return byKey, err
}

func describeKey(ctx context.Context, b *collect.Builder, api *kms.Client, id *string) {
	out := describe(ctx, b, opDescribeKey, api.DescribeKey, &kms.DescribeKeyInput{KeyId: id})
	describe(ctx, b, opGetKeyPolicy, api.GetKeyPolicy, &kms.GetKeyPolicyInput{
		KeyId: id, PolicyName: aws.String("default"), // there is no other
	})
	if out != nil && !canRotate(out.KeyMetadata) {
		b.None(opGetRotationStatus, codeNoRotation)
		return
	}
	describe(ctx, b, opGetRotationStatus, api.GetKeyRotationStatus,
		&kms.GetKeyRotationStatusInput{KeyId: id}, codeNoRotation)
}

// canRotate tells whether automatic rotation can be switched on for the key. AWS
// managed keys rotate, but not by anyone's choice.
func canRotate(k *types.KeyMetadata) bool {
	return k == nil || k.KeyManager == types.KeyManagerTypeCustomer &&
		k.KeySpec == types.KeySpecSymmetricDefault && k.Origin == types.OriginTypeAwsKms
}
