package aws

import "github.com/assize-dev/assize/collect"

// Permissions are the IAM policies that let a role collect: nothing more than what
// the collectors of the names (all, where there is none) and the source itself call.
func Permissions(names []string) ([]collect.PolicyDocument, error) {
	units, err := chosen(names)
	if err != nil {
		return nil, err
	}
	decls := []*collect.Declaration{&sessionUnit}
	for _, c := range units {
		decls = append(decls, &c.Declaration)
	}
	return collect.Permissions(decls), nil
}
