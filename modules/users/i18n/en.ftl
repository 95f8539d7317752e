## Companies, languages, users, roles

model-companies = Companies
field-companies-parent = Part of
model-languages = Languages
field-languages-code = Code
model-users = Users
field-users-login = Login
field-users-email = E-mail
field-users-password = Password
field-users-is_admin = Administrator
field-users-active = Active
field-users-roles = Roles
field-users-company = Company
field-users-companies = Companies
field-users-language = Language
choice-users-language-en = English
choice-users-language-ru = Русский
model-roles = Roles
field-roles-label = Label
field-roles-implies = Implies

circle = would imply itself
last_administrator = is the last administrator who can sign in
