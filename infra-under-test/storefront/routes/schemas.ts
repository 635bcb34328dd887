/** Lines of a cart or an order, as a client sends them. */
export const linesSchema = {
  type: 'array',
  maxItems: 50,
  items: {
    type: 'object',
    required: ['productId', 'quantity'],
    properties: {
      productId: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
      quantity: { type: 'integer', minimum: 1, maximum: 1000 },
    },
  },
};

export const cartIdSchema = { type: 'string', pattern: '^[\\w-]{1,64}$' };

export interface Line {
  productId: number;
  quantity: number;
}
