import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { holders, type Permission, permissions } from './permissions.ts'
import { instant } from './text.ts'

export const PermissionName = Type.Enum(Object.keys(permissions) as [Permission, ...Permission[]], {
  description: 'The name of a permission.',
})

const PermissionNames = Type.Array(PermissionName, {
  uniqueItems: true,
  maxItems: 100,
  description: 'The permissions that a holder of the role has.',
})

const roleMembers = {
  name: Type.String({
    minLength: 1,
    maxLength: 100,
    description: 'The name of the role, unique whatever the case.',
  }),
  description: Type.String({ maxLength: 1000, description: 'What the role is for.' }),
  permissions: PermissionNames,
}

export const Role = Type.Object(
  {
    id: Type.String({ format: 'uuid', description: 'The id of the role, a UUIDv7.' }),
    ...roleMembers,
    created_at: instant('When the role was made.'),
    holders: Type.Integer({ description: 'How many accounts hold the role.' }),
  },
  { description: 'A named set of permissions, given to accounts.' },
)
export interface Role extends Static<typeof Role> {}

export const RoleList = Type.Object(
  { results: Type.Array(Role, { description: 'Every role, by name.' }) },
  { description: 'Every role.' },
)
export interface RoleList extends Static<typeof RoleList> {}

export const NewRole = Type.Object(
  {
    name: roleMembers.name,
    description: Type.Optional(roleMembers.description),
    permissions: roleMembers.permissions,
  },
  { description: 'A role to make, or as it shall be.' },
)
export interface NewRole extends Static<typeof NewRole> {}

export const RolePatch = Type.Partial(Type.Object(roleMembers), {
  description: 'The members of a role to change; absent ones stay as they are.',
})
export interface RolePatch extends Static<typeof RolePatch> {}

export const PermissionInfo = Type.Object(
  {
    name: PermissionName,
    description: Type.String({ description: 'What the permission allows.' }),
  },
  { description: 'A permission and what it allows.' },
)
export interface PermissionInfo extends Static<typeof PermissionInfo> {}

export const PermissionList = Type.Object(
  { results: Type.Array(PermissionInfo, { description: 'Every permission.' }) },
  { description: 'Every permission there is.' },
)
export interface PermissionList extends Static<typeof PermissionList> {}

const RoleId = Type.Object({
  id: Type.String({
    format: 'uuid',
    pattern: '^[0-9a-f-]{36}$',
    description: 'The id of the role.',
  }),
})

/** The role of the examples. */
export const supportRole: Role = {
  id: '0198f2c4-7d1e-7c3a-9b52-000000000002',
  name: 'support',
  description: 'Helps people with their accounts.',
  permissions: ['users.view', 'sessions.view'],
  created_at: '2026-01-31T09:30:00.000Z',
  holders: 2,
}

const exampleBody = {
  name: 'helpdesk',
  description: 'Answers the telephone.',
  permissions: ['users.view'] as Permission[],
}

const grantRule =
  'Nobody grants, changes or withdraws a permission that they do not hold: `permission_denied` names the member.'

export const roles = {
  list: endpoint('GET /api/roles/', {
    tag: 'Roles',
    summary: 'List the roles',
    description: 'Answers every role with its permissions and how many accounts hold it.',
    access: holders('roles.view'),
    response: [200, RoleList],
    example: { response: { results: [supportRole] } },
  }),
  create: endpoint('POST /api/roles/', {
    tag: 'Roles',
    summary: 'Make a role',
    description: `Makes a role. ${grantRule}`,
    access: holders('roles.manage'),
    body: NewRole,
    response: [201, Role],
    problems: ['reauthentication_required'],
    example: { body: exampleBody, response: { ...supportRole, ...exampleBody, holders: 0 } },
  }),
  get: endpoint('GET /api/roles/:id/', {
    tag: 'Roles',
    summary: 'See a role',
    description: 'Answers one role with its permissions and how many accounts hold it.',
    access: holders('roles.view'),
    params: RoleId,
    response: [200, Role],
    example: { params: { id: supportRole.id }, response: supportRole },
  }),
  replace: endpoint('PUT /api/roles/:id/', {
    tag: 'Roles',
    summary: 'Replace a role',
    description: `Replaces a role; whoever holds it has the new permissions from the next request on. ${grantRule}`,
    access: holders('roles.manage'),
    params: RoleId,
    body: NewRole,
    response: [200, Role],
    problems: ['reauthentication_required'],
    example: {
      params: { id: supportRole.id },
      body: exampleBody,
      response: { ...supportRole, ...exampleBody },
    },
  }),
  update: endpoint('PATCH /api/roles/:id/', {
    tag: 'Roles',
    summary: 'Change a role',
    description: `Changes some members of a role; whoever holds it has the new permissions from the next request on. ${grantRule}`,
    access: holders('roles.manage'),
    params: RoleId,
    body: RolePatch,
    response: [200, Role],
    problems: ['reauthentication_required'],
    example: {
      params: { id: supportRole.id },
      body: { description: 'Answers the telephone.' },
      response: { ...supportRole, description: 'Answers the telephone.' },
    },
  }),
  delete: endpoint('DELETE /api/roles/:id/', {
    tag: 'Roles',
    summary: 'Delete a role',
    description: `Deletes a role and takes it from everybody who holds it. ${grantRule}`,
    access: holders('roles.manage'),
    params: RoleId,
    response: [204, null],
    example: { params: { id: supportRole.id } },
  }),
}

export const permissionsList = {
  list: endpoint('GET /api/permissions/', {
    tag: 'Roles',
    summary: 'List the permissions',
    description: 'Answers every permission that a role can hold, with what it allows.',
    access: holders('roles.view'),
    response: [200, PermissionList],
    example: {
      response: { results: [{ name: 'users.view', description: permissions['users.view'] }] },
    },
  }),
}
