// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QHashFunctions>
#include <QMetaType>

#include <functional>

namespace counterfoil {

/// Crockford base32 of a 64-bit id: 13 digits and one check character (mod 37), lower case, after `prefix_`.
QString formatId(const char* prefix, qint64 value);

/// Reads what formatId writes; case, hyphens and the look-alikes I, L, O are forgiven as Crockford asks.
/// Errors: InvalidId (another prefix, a wrong length or digit, a check character that doesn't fit).
Result<qint64> parseId(const char* prefix, QStringView text);

/// A 64-bit, time-ordered id of one kind of thing. Ids of different kinds don't convert into each other. 0 means none.
template<class Tag>
class Id {
public:
    constexpr Id() = default;
    explicit constexpr Id(qint64 value) : m_value(value) {}

    constexpr qint64 value() const { return m_value; }
    constexpr bool isNone() const { return m_value == 0; }

    /// `ord_0c3…`: what people see, copy and paste. Empty for none.
    QString toText() const { return isNone() ? QString() : formatId(Tag::prefix, m_value); }

    /// Errors: InvalidId.
    static Result<Id> parse(QStringView text)
    {
        CF_ASSIGN(const qint64 value, parseId(Tag::prefix, text));
        return Id(value);
    }

    friend constexpr auto operator<=>(const Id&, const Id&) = default;
    friend size_t qHash(Id id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    qint64 m_value = 0;
};

/// Declares FooTag and FooId with the prefix people see.
#define CF_DECLARE_ID(Name, Prefix)                                                                                    \
    struct Name##Tag {                                                                                                 \
        static constexpr const char* prefix = Prefix;                                                                  \
    };                                                                                                                 \
    using Name##Id = Id<Name##Tag>

CF_DECLARE_ID(Account, "acc");
CF_DECLARE_ID(LedgerEntry, "ent");
CF_DECLARE_ID(Hold, "hold");
CF_DECLARE_ID(HoldMovement, "hmv");
CF_DECLARE_ID(Transaction, "txn");
CF_DECLARE_ID(Order, "ord");
CF_DECLARE_ID(SubOrder, "sub");
CF_DECLARE_ID(OrderItem, "item");
CF_DECLARE_ID(OrderEvent, "oev");
CF_DECLARE_ID(Customer, "cus");
CF_DECLARE_ID(Merchant, "mer");
CF_DECLARE_ID(Warehouse, "wh");
CF_DECLARE_ID(Product, "prod");
CF_DECLARE_ID(Sku, "sku");
CF_DECLARE_ID(PriceTier, "tier");
CF_DECLARE_ID(Stock, "stk");
CF_DECLARE_ID(Reservation, "rsv");
CF_DECLARE_ID(Coupon, "cpn");
CF_DECLARE_ID(CouponGrant, "grant");
CF_DECLARE_ID(Exchange, "exch");
CF_DECLARE_ID(Callback, "cb");
CF_DECLARE_ID(Tcc, "tcc");
CF_DECLARE_ID(Job, "job");
CF_DECLARE_ID(Case, "case");
CF_DECLARE_ID(AuditEvent, "aud");
CF_DECLARE_ID(ApiToken, "tok");
CF_DECLARE_ID(ImportRun, "imp");
CF_DECLARE_ID(Person, "per");
CF_DECLARE_ID(Command, "cmd");
CF_DECLARE_ID(CaseNote, "note");

/// The prefix of a pasted id (`ord` of `ord_0c3…`), or empty: lets a search box tell what kind of thing it names.
QString idPrefix(QStringView text);

} // namespace counterfoil

template<class Tag>
struct std::hash<counterfoil::Id<Tag>> {
    std::size_t operator()(counterfoil::Id<Tag> id) const noexcept { return std::hash<qint64>{}(id.value()); }
};
