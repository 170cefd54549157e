// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace counterfoil {

enum class GatewayExchangeColumn { CreatedAt, Operation, State, OrderNo, Amount, HttpStatus, Attempts, Error, GatewayRef, AnsweredAt, Id, Count };

enum class GatewayCallbackColumn { ReceivedAt, Type, State, OrderNo, ObjectRef, Note, AppliedAt, EventId, Id, Count };

enum class RefusalColumn { At, Reason, Size, Peer, Count };

} // namespace counterfoil
