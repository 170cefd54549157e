// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/domain/refund.h"
#include "models/domain/transaction.h"
#include "models/store/table_of.h"

// How ledger and transaction values map to their tables (resources/migrations).

namespace counterfoil {

template<>
struct TableOf<Account> {
    static constexpr const char* name = "account";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Account& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("owner_kind", row.ownerKind);
        v("owner_id", row.ownerId);
        v("kind", row.kind);
        v("currency", row.currency);
        v("available", row.available);
        v("frozen", row.frozen);
        v("billed", row.billed);
        v("version", row.version);
        v("status", row.status);
    }
};

template<>
struct TableOf<LedgerEntry> {
    static constexpr const char* name = "ledger_entry";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const LedgerEntry& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("idempotency_key", row.idempotencyKey);
        v("kind", row.kind);
        v("order_id", row.order);
        v("transaction_id", row.transaction);
        v("corrects_id", row.corrects);
        v("created_at", row.createdAt);
    }
};

template<>
struct TableOf<Posting> {
    static constexpr const char* name = "posting";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const Posting& row) { return std::pair(row.entry, row.line); }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("entry_id", row.entry);
        v("line", row.line);
        v("account_id", row.account);
        v("bucket", row.bucket);
        v("currency", row.currency);
        v("amount", row.amount);
        v("balance_after", row.balanceAfter);
    }
};

template<>
struct TableOf<Hold> {
    static constexpr const char* name = "hold";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Hold& row) { return row.id; }
    static auto group(const Hold& row) { return row.order; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("account_id", row.account);
        v("currency", row.currency);
        v("amount", row.amount);
        v("remaining", row.remaining);
        v("reason", row.reason);
        v("order_id", row.order);
        v("sub_order_id", row.subOrder);
        v("state", row.state);
        v("created_at", row.createdAt);
        v("expires_at", row.expiresAt);
        v("release_at", row.releaseAt);
        v("transaction_id", row.transaction);
    }
};

template<>
struct TableOf<HoldMovement> {
    static constexpr const char* name = "hold_movement";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const HoldMovement& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("hold_id", row.hold);
        v("movement_key", row.key);
        v("kind", row.kind);
        v("currency", row.currency);
        v("amount", row.amount);
        v("entry_id", row.entry);
        v("at", row.at);
    }
};

template<>
struct TableOf<PaymentTransaction> {
    static constexpr const char* name = "payment_transaction";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "row_version";
    static auto key(const PaymentTransaction& row) { return row.id; }
    static auto group(const PaymentTransaction& row) { return row.order; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("kind", row.kind);
        v("order_id", row.order);
        v("account_id", row.account);
        v("currency", row.currency);
        v("amount", row.amount);
        v("wallet_part", row.walletPart);
        v("gateway_part", row.gatewayPart);
        v("status", row.status);
        v("gateway_ref", row.gatewayRef);
        v("payment_method", row.paymentMethod);
        v("card_brand", row.cardBrand);
        v("card_last4", row.cardLast4);
        v("decline_code", row.declineCode);
        v("created_at", row.createdAt);
        v("finished_at", row.finishedAt);
        v("row_version", row.rowVersion);
    }
};

template<>
struct TableOf<TransactionDetail> {
    static constexpr const char* name = "transaction_detail";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const TransactionDetail& row) { return std::pair(row.transaction, row.line); }
    static auto group(const TransactionDetail& row) { return row.transaction; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("transaction_id", row.transaction);
        v("line", row.line);
        v("sub_order_id", row.subOrder);
        v("merchant_id", row.merchant);
        v("currency", row.currency);
        v("gross", row.gross);
        v("discount_borne", row.discountBorne);
        v("commission", row.commission);
        v("net", row.net);
        v("refunded", row.refunded);
        v("platform_discount", row.platformDiscount);
    }
};

template<>
struct TableOf<RefundItem> {
    static constexpr const char* name = "refund_item";
    static constexpr int keyColumns = 2;
    static constexpr const char* guard = nullptr;
    static auto key(const RefundItem& row) { return std::pair(row.transaction, row.item); }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("transaction_id", row.transaction);
        v("item_id", row.item);
        v("quantity", row.quantity);
        v("currency", row.currency);
        v("amount", row.amount);
    }
};

} // namespace counterfoil
