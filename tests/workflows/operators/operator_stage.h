// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/workflows/engine/refund_stage.h"
#include "workflows/operators/case_desk.h"
#include "workflows/operators/command_desk.h"
#include "workflows/operators/command_runner.h"
#include "workflows/operators/people.h"

namespace counterfoil {

/// The shop of the refunds with people who work there: one of each role, whose login is the role's name, and `supervisor2`.
struct OperatorStage : RefundStage {
    explicit OperatorStage(DatabaseKind kind) : RefundStage(kind)
    {
        for (const auto& [role, name] : EnumNames<Role>::names) {
            addPerson(QString::fromLatin1(name), role);
        }
        addPerson(QStringLiteral("supervisor2"), Role::Supervisor);
    }

    /// Without a password: nobody signs in here.
    void addPerson(const QString& login, Role role)
    {
        Person person;
        person.id = shop.ids.next<PersonId>();
        person.login = person.name = login;
        person.role = role;
        person.createdAt = shop.clock.now();
        EngineFixture::unwrap(insertRow(shop.connection(), person));
    }

    CommandId asked(const QString& login, const CommandRequest& wanted)
    {
        const CommandId id = EngineFixture::unwrap(desk.request(login, wanted));
        EngineFixture::unwrap(runner.preview(id));
        return id;
    }
    OperatorCommand command(CommandId id) { return shop.rows<OperatorCommand>(QStringLiteral("WHERE id = ?"), {bound(id)}).front(); }
    QString status(CommandId id) { return toString(command(id).status); }
    Result<CommandStatus> file(CommandId id) { return desk.file(command(id).requestedBy, id, command(id).previewSha256); }
    Result<CommandStatus> approve(const QString& login, CommandId id) { return desk.approve(login, id, command(id).previewSha256, {}); }
    /// Filed, approved by as many as it takes, and carried out.
    void carryOut(CommandId id)
    {
        EngineFixture::unwrap(file(id));
        for (const char* login : {"supervisor", "supervisor2", "finance"}) {
            if (command(id).status == CommandStatus::AwaitingApproval && command(id).requestedBy != QLatin1String(login)) {
                (void)approve(QString::fromLatin1(login), id);
            }
        }
        EngineFixture::unwrap(runner.execute(id));
    }

    static CommandRequest want(CommandKind kind, OrderId order, qint64 subject, const Money& amount = {}, const CommandArguments& arguments = {})
    {
        return {kind, order, subject, {}, amount, arguments, QStringLiteral("because")};
    }
    CommandRequest refundOf(qint64 minor)
    {
        CommandArguments arguments;
        arguments.refund.amount = of(minor);
        return want(CommandKind::Refund, order, order.value(), of(minor), arguments);
    }
    CommandRequest freezeOf(qint64 minor)
    {
        CommandArguments arguments;
        arguments.until = shop.clock.now() + Duration::days(2);
        return want(CommandKind::Freeze, {}, walletId().value(), of(minor), arguments);
    }
    AccountId walletId() { return shop.rows<Account>(QStringLiteral("WHERE owner_kind = 'customer' AND owner_id = ?"), {bound(ann)}).front().id; }
    /// An order whose payment's callback and answers never come.
    OrderId placeUnpaid(const QString& number)
    {
        order = shop.placed(EngineFixture::order(number, QStringLiteral("ann"), {{QStringLiteral("PEN"), 2}}));
        return order;
    }

    CommandDesk desk{shop.connection(), shop.clock, shop.ids};
    CommandActions actions{{shop.parts().engine(), shop.parts().payments(), shop.parts().refunds()}};
    CommandRunner runner{shop.connection(), shop.clock, shop.ids, actions};
};

} // namespace counterfoil
